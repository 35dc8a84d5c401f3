"""Which bad input is proven where, by the numbers of the list of bad inputs that we answer for.

A number is in one of three places: a case of this package names it, another test proves it
(`SEEN`), or its feature is not there yet (`NOT_YET`). Where the answer is another one, `DIFFERS`
says so.
"""

from collections.abc import Mapping

# Order form and API: 1 to 44. Client's page: 45 to 63. Staff: 64 to 77. Protocol: 78 to 92.
# The list has no row of the numbers that are left out.
NUMBERS = (
    set(range(1, 93)) - {8, 15, 22, 25, 29, 34, 41, 53, 58, 66, 72, 75, 80, 83, 88, 90}
)  # fmt: skip

# Rows 20 and 50: which pages are the same is a test, how long they take are `benchmarks.typed` and
# `benchmarks.links`. Row 19: mail is in worker/test_delivery, the file in web/test_exports; what is
# printed is a page, there is no other paper. Rows 84 and 92: what needs a real server, a body that
# waits for its 100 and the thousand requests, is in test_faults.
# Row 91: the OpenAPI document is public by choice; there is nothing else to find.
# Proven by a test of its own, which a test of this package sees to be there.
SEEN: Mapping[int, str] = {
    33: "stories/test_story_9.py::test_story_9_a_double_click_makes_one_task",
    35: "orders/test_races.py::test_one_key_places_one_order_of_fifty_posts",
    36: "web/test_orderer.py::test_the_twenty_first_order_in_ten_minutes_waits",
    37: "web/test_orderer.py::test_a_machine_only_seems_to_succeed",
    45: "web/test_client.py::test_the_token_leaves_the_address_and_nothing_is_used_up",
    46: "web/test_client.py::test_yes_confirms_once_however_often_it_is_pressed",
    47: "web/test_client.py::test_yes_confirms_once_however_often_it_is_pressed",
    48: "orders/test_races.py::test_one_link_is_accepted_once_of_fifty_times",
    49: "web/test_client.py::test_an_offer_that_ran_out_says_so_kindly_and_takes_no_answer",
    51: "web/test_client.py::test_another_persons_link_is_asked_about_and_never_merged",
    52: "web/test_client.py::test_a_dead_link_is_gone_and_an_unknown_one_is_not_here",
    55: "web/test_own.py::test_no_time_tells_whether_a_number_is_a_clients",
    60: "web/test_client.py::test_no_is_fine_and_yes_afterwards_is_refused",
    61: "web/test_client.py::test_the_page_speaks_the_clients_language",
    62: "web/test_staff_browser.py::test_the_clients_page_from_offer_to_thanks_without_scripts",
    63: "web/test_client.py::test_the_token_leaves_the_address_and_nothing_is_used_up",
    65: "web/test_unit.py::test_pekka_of_another_unit_is_refused_and_the_refusal_is_logged",
    67: "web/test_signin.py::test_a_session_copied_before_a_key_changed_or_too_old_is_over",
    68: "web/test_signin.py::test_a_new_sign_in_is_a_new_session",
    69: "web/test_unit.py::test_of_two_coordinators_who_press_at_once_one_wins",
    71: "web/test_exports.py::test_71_everybodys_rows_are_a_job_and_one_persons_link_for_a_day",
    76: "web/test_places.py::test_76_only_a_photo_is_kept_and_it_is_only_a_photo",
    77: "web/test_unit.py::test_a_clients_page_begins_with_strengths_and_is_logged",
    87: "web/test_coach.py::test_the_feed_is_private_shown_once_and_tells_no_name",
    89: "worker/test_replies.py::test_a_call_is_signed_over_its_time_and_body",
}

# What is answered otherwise than the list says, and why. Row 76: the other origin of a file is the
# one of its own that a sandbox gives it, so that a service needs no second name. Row 63: browsers
# too old to say where a form comes from get "same-origin" (test_every_answer_carries_its_headers).
DIFFERS: Mapping[int, str] = {
    49: "the page of an offer that ran out is a 200 that says so kindly, its POST a 409; only a"
    " dead link is a 410 (SETTLED 23)",
    59: "a yes never meets the limit: it is taken when somebody is asked (SETTLED 4 and 11), and"
    " the coordinator who asks is refused and told, without figures",
    86: "a client's session, as anybody's, is nobody's on the API, which never reads cookies: 401;"
    " only a token that holds hears 403 or 404",
}

# There is nothing yet that could answer.
NOT_YET: Mapping[int, str] = {}
