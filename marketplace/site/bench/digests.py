"""Digests of written rows, deal by deal, without the ids that two writers cannot share."""

from collections.abc import Sequence

from django.db import connection

DIGESTS = """
SELECT s.deal_id, md5(string_agg(concat_ws('|',
    s.period, s.position, s.state, s.figures, s.accrued_minor, s.corrections_minor,
    s.credits_minor, s.payable_minor, s.final_date, s.input_hash, s.content_hash,
    (SELECT string_agg(concat_ws('|', ordinal, stage, code, amount_minor, inputs, formula,
        terms_version, corrects), ';' ORDER BY ordinal)
     FROM deals_statementline WHERE statement_id = s.id),
    (SELECT string_agg(concat_ws('|', amount_minor, due_date, paid_minor), ';' ORDER BY due_date)
     FROM deals_instalment WHERE statement_id = s.id),
    (SELECT string_agg(concat_ws('|', m.kind, m.amount_minor, d.kind, c.kind, m.booked_date), ';'
        ORDER BY m.id)
     FROM deals_ledgermovement m
     JOIN deals_ledgeraccount d ON d.id = m.debit_id
     JOIN deals_ledgeraccount c ON c.id = m.credit_id
     WHERE m.source = 'statement:' || s.id)
), '#' ORDER BY s.period))
FROM deals_statement s WHERE s.deal_id = ANY(%s) GROUP BY s.deal_id
"""


def of_deals(ids: Sequence[int]) -> dict[int, str]:
    """One digest a deal, over its statements, lines, instalments and movements as they stand."""
    with connection.cursor() as cursor:
        cursor.execute(DIGESTS, [list(ids)])
        return dict(cursor.fetchall())
