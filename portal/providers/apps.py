from django.apps import AppConfig


class ProvidersConfig(AppConfig):
    name = "portal.providers"
    label = "providers"

    def ready(self) -> None:
        from portal import milestones
        from portal.accounts import people, staff
        from portal.providers.members import organisations_of, seat_of_staff
        from portal.providers.milestones import organisation, second_owner

        milestones.register("organisation", organisation)
        milestones.register("second_owner", second_owner)
        staff.hindrances.append(seat_of_staff)
        people.affiliations.append(organisations_of)
