"""The addresses of freight."""

from django.urls import URLPattern, path

from gaoyuan.portal.freight import carrying, views

urlpatterns: list[URLPattern] = [
    path("vehicles/", carrying.vehicles, name="freight_vehicles"),
    path("vehicles/<uuid:pk>/", carrying.vehicle, name="freight_vehicle"),
    path("vehicles/<uuid:pk>/withdraw/", carrying.withdraw, name="freight_vehicle_withdraw"),
    path("trips/", carrying.trips, name="freight_trips"),
    path("trips/<uuid:pk>/", carrying.trip, name="freight_trip"),
    path("warehouses/", views.warehouses, name="freight_warehouses"),
    path("plans/", views.plans, name="freight_plans"),
    path("plans/<uuid:pk>/", views.plan, name="freight_plan"),
    path("plans/<uuid:pk>/send/", views.send, name="freight_send"),
    path("plans/<uuid:pk>/again/", views.again, name="freight_again"),
]
