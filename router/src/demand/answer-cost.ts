import type { Variables } from '@pessoa/service/graphql/selection';
import type { CostPlan, FieldPlan, ObjectPlan, Read } from './cost-plan.ts';
import { evaluate } from './term.ts';

/** What an answer cost, by the weights of the estimate: its objects as they are, and the reads for objects that exist. */
export function answerCost({ root }: CostPlan, variables: Variables, data: unknown): number {
  const reads = new Set<Read>();
  const objectCost = (plans: readonly ObjectPlan[], value: unknown): number => {
    const costs = plansFor(plans, value).map((plan) => {
      for (const read of plan.reads) reads.add(read);
      return plan.fields.reduce((sum, field) => sum + valueCost(field, (value as Variables)[field.key]), plan.weight);
    });
    return Math.max(0, ...costs);
  };
  const valueCost = (field: FieldPlan, value: unknown): number => {
    if (value === null || value === undefined) return 0;
    if (Array.isArray(value)) return value.reduce((sum: number, item) => sum + valueCost(field, item), 0);
    if (field.objects.length === 0) return field.leafWeight;
    return typeof value === 'object' ? objectCost(field.objects, value) : 0;
  };
  const objects = typeof data === 'object' && data !== null ? objectCost([root], data) : root.weight;
  return [...reads].reduce((sum, { weight }) => sum + evaluate(weight, variables), objects);
}

/** An object of an abstract type tells its type only if the client asked for it; else the highest cost counts. */
function plansFor(plans: readonly ObjectPlan[], value: unknown): readonly ObjectPlan[] {
  if (plans.length < 2) return plans;
  const { __typename: typeName } = value as { __typename?: unknown };
  const plan = plans.find((candidate) => candidate.typeName === typeName);
  return plan ? [plan] : plans;
}
