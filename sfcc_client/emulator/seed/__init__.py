"""Where the emulated shop's data comes from: generated from a seed, or a dataset of one's own."""

from sfcc_client.emulator.seed.loading import BadDataset, Dataset, loaded, seeded

__all__ = ["BadDataset", "Dataset", "loaded", "seeded"]
