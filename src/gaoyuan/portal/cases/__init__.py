"""Cases of the services: each runs on a process of `gaoyuan.exchange.process`, and the database keeps its records."""
