"""The service network (三级服务网络): providers, requests, public times of answers; a patent pool; quality records."""
