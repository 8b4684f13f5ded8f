"""Shared laboratories and capacity (共享实验室, 共享产能): resources, bookings, samples and signed reports.

Every rule is that of `gaoyuan.exchange.booking`; here its diary is kept in the database, where one row for every place
and quarter of an hour that is held, unique, makes a double booking impossible.
"""
