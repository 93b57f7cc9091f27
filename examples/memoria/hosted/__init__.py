"""The hosted control plane of the practice system: its admin API, its queue, and what stands around it in practice."""
