"""What several tests share: tiny worlds to build warehouses from."""
