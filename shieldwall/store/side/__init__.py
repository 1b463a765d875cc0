"""The tables of the side file: deliveries and quotas (see `store.layout`)."""
