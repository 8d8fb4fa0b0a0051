"""The whole product on one machine: both emulators, the app installed by its installer, the sidecar, cases."""
