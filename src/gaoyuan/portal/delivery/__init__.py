"""Notices that leave the portal: by mail, and as signed webhooks to the programs of an organisation."""
