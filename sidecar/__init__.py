"""The agent-context sidecar: the only package that knows both platforms."""
