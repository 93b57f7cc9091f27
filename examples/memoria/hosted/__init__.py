"""The hosted control plane of the stand-in: its admin API, its queue, and what stands around it in practice."""
