"""Addresses of accounts: of allauth's only those that the house has. Nothing here sends mail; passwords are given out by the office."""

from allauth.account import views
from django.urls import path

urlpatterns = [
    path("login/", views.login, name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    # closed: says so
    path("signup/", views.signup, name="account_signup"),
    path("reauthenticate/", views.reauthenticate, name="account_reauthenticate"),
    path("password/change/", views.password_change, name="account_change_password"),
    # where the page above sends an account that has no password yet
    path("password/set/", views.password_set, name="account_set_password"),
]
