import { decisionAt } from '../../../src/evaluation/statistics/decision.ts';

describe('A decision', () => {
  it('approves from the cut-off on, and has the errors of both sides', () => {
    const people = [
      { valor: 400, inadimplente: true },
      { valor: 400, inadimplente: false },
      { valor: 500, inadimplente: true },
      { valor: 600, inadimplente: false },
      { valor: 700, inadimplente: false },
    ];
    expect(decisionAt(people, 500)).toEqual({
      cutOff: 500,
      people: 5,
      approved: 3,
      approvalRate: 3 / 5,
      badAmongApproved: 1 / 3,
      badApproved: 1 / 2,
      goodRefused: expect.closeTo(1 / 3, 12),
    });
  });
});

it('A decision of nobody has no share', () => {
  const good = { valor: 400, inadimplente: false };
  expect(decisionAt([good], 500)).toMatchObject({ badAmongApproved: null, badApproved: null, goodRefused: 1 });
  expect(decisionAt([{ ...good, inadimplente: true }], 500)).toMatchObject({ badApproved: 0, goodRefused: null });
});
