"""Every message that a check can give, in one table, so that extraction for translation finds them."""

from typing import Final

from caseflow.core.words import N_

MESSAGES: Final[dict[str, str]] = {
    "not_a_record": N_("These answers could not be read. Send the form again."),
    "unknown_field": N_("%(count)s answers belong to questions that are not on this form. Open it again."),
    "wrong_type": N_("This answer could not be read. Give it again."),
    "unreadable": N_("This text has a character that cannot be read. Type it again instead of pasting it."),
    "control": N_("This text has a hidden control character. Type it again instead of pasting it."),
    "direction": N_("This text has a hidden mark that turns words round. Type it again, do not paste it."),
    "too_long": N_("This is too long: use at most %(limit)s characters. You have %(length)s."),
    "one_line": N_("Use one line only."),
    "not_listed": N_("Choose an answer from the list."),
    "exclusive": N_("One of these answers stands alone. Take it or the others away."),
    "too_many": N_("At most %(limit)s of these can be kept, and you have %(count)s. Remove some of them."),
    "number": N_("Write a whole number, in digits."),
    "number_range": N_("Write a number from %(minimum)s to %(maximum)s."),
    "date": N_("Write a real date: day, month and year, such as 27 3 2025."),
    "partial_date": N_("Write a year, a month and year, or a whole date that exists."),
    "date_range": N_("The year must lie between %(minimum)s and %(maximum)s."),
    "future": N_("This date cannot be in the future."),
    "time": N_("Write a time of day such as 14:30."),
    "cnic": N_("A CNIC number has 13 digits, such as 00000-0000000-0."),
    "passport": N_("A passport number has 5 to 15 Latin letters and digits."),
    "phone": N_("Write a telephone number such as 0300 1234567, or +93 and so on for another country."),
    "email": N_("Write an e-mail address such as name@example.org."),
    "not_applicable": N_("This answer does not fit an answer above. Empty it, or change the other one."),
}
