"""The workbench: a Django project that shows what a workspace's results say, and lets people work with them."""
