"""Words to choose from: renamed, added and retired on a page, and so everywhere they are used."""

from jobcenter.intake.told import filled
from jobcenter.lists import changing
from jobcenter.lists.catalogue import LISTS
from jobcenter.lists.listing import slug_of
from jobcenter.matching.loading import reading as loading
from jobcenter.orders import feedback
from jobcenter.people import choices
from tests.cast import MONDAY, Cast
from tests.conftest import Fresh
from tests.lists.forms import NEW
from tests.lists.test_changing import TODAY, change, end
from tests.web.surfer import sign_in, surfer


async def test_strengths_are_the_organisers_own_words(cast: Cast, fresh: Fresh) -> None:
    added = filled({**NEW["strengths"], "from": str(TODAY)})
    await cast.database.act(cast.jaana, changing.add, LISTS["strengths"], told=added, now=MONDAY)
    kitchen = {
        "name_fi": "Keittiön konkari", "name_sv": "Kökets proffs", "name_en": "Knows kitchens",
        "name_easy": "Osaan keittiötyöt.", "tasks": "2", "from": str(TODAY),
    }  # fmt: skip
    await change(cast, "strengths", slug_of({"code": "kitchen"}), filled(kitchen))
    # Aino has chosen what is retired, and keeps it; Eetu is not asked for it any more.
    await fresh.owner("DELETE FROM client_strengths")
    chosen = "INSERT INTO client_strengths (organiser_id, client_id, code) VALUES (1, $1, 'quick')"
    await fresh.owner(chosen, cast.aino)
    await end(cast, "strengths", slug_of({"code": "quick"}))
    async with surfer(cast.database) as maija:
        await sign_in(maija, cast, cast.maija)
        eetus = (await maija.get(f"/clients/{cast.eetu}/edit/strengths")).text
        assert "Keittiön konkari" in eetus
        assert 'value="likes_bread"' in eetus
        assert 'value="quick"' not in eetus
        page = f"/clients/{cast.aino}/edit/strengths"
        assert 'value="quick"' in (await maija.get(page)).text
        form = await maija.form(page, page)
        sent = {**form, "strengths": ["likes_bread", "quick", "unheard_of"]}
        assert (await maija.post(page, data=sent)).status_code == 303
        shown = (await maija.get(f"/board/clients/{cast.aino}")).text
        assert "Osaa leipoa" in shown
        assert "Nopea" in shown
        # A service is renamed in the intake, and a retired one is offered to nobody new.
        lumo = {"name_fi": "Lumotoiminta", "name_sv": "Lumo", "name_en": "Lumo", "from": str(TODAY)}
        await change(cast, "services", slug_of({"code": "disability"}), filled(lumo))
        await end(cast, "services", slug_of({"code": "purchased"}))
        new = (await maija.get("/clients/new")).text
        assert "Lumotoiminta" in new
        assert 'value="purchased"' not in new
    rows = await fresh.owner(
        "SELECT code FROM client_strengths WHERE client_id = $1 ORDER BY 1", cast.aino
    )
    assert [row["code"] for row in rows] == ["likes_bread", "quick"]
    strong = await cast.database.read(cast.worker, choices.strengths, now=MONDAY)
    assert strong.at("fi-easy", 2)["kitchen"] == "Osaan keittiötyöt."
    feedback.check(feedback.Said(3, "likes_bread"), strong.helps())
    facts = await cast.database.read(cast.worker, loading.read, now=MONDAY, until=MONDAY)
    assert facts.helps["likes_bread"] == {2, 14}
