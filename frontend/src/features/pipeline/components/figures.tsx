import * as words from "@/messages/pipeline";
import { formatNumber } from "@/lib/words/per-locale";
import type { ReactNode } from "react";
import { cn } from "@/lib/cn";
import { describeLatency, describeRate, groupName, type Pipeline } from "../pipeline";

/** A column that small screens hide. */
const spare = "p99";

/** All figures as tables, as an alternative to the picture. */
export function Figures({ pipeline: { broker, traffic } }: { pipeline: Pipeline }) {
  return (
    <div className="grid items-start gap-8 lg:grid-cols-2 lg:gap-5">
      {broker ? <Topics broker={broker} /> : null}
      {traffic && traffic.functions.length > 0 ? <Functions traffic={traffic} /> : null}
    </div>
  );
}

function Topics({ broker }: { broker: NonNullable<Pipeline["broker"]> }) {
  return (
    <Table
      name={words.topicsAndReaders()}
      heads={[words.topic(), words.rate(), words.records(), words.lag()]}
      note={words.topicsNote()}
    >
      {broker.topics.map(({ topic, partitions, per_second, records }) => (
        <tbody key={topic} className="border-t border-line">
          <tr>
            <Name>
              {topic}{" "}
              <span className="font-normal whitespace-nowrap text-ink-3">
                {words.partitions({ count: partitions })}
              </span>
            </Name>
            <Cell>{describeRate(per_second)}</Cell>
            <Cell>{formatNumber(records)}</Cell>
            <Cell />
          </tr>
          {broker.groups
            .filter((group) => group.topics.some((each) => each.topic === topic))
            .map((group) => {
              const lag = group.topics.find((each) => each.topic === topic)?.lag ?? 0;
              return (
                <tr key={group.group}>
                  <th scope="row" className="py-1 ps-8 pe-2 text-start font-normal text-ink-2">
                    {groupName(group.group)}
                    {group.members === 0 ? <span className="text-warn"> {words.noReaders()}</span> : null}
                  </th>
                  <Cell quiet>
                    {group.handled_per_second === null ? "–" : describeRate(group.handled_per_second)}
                  </Cell>
                  <Cell />
                  <Cell className={lag > 0 ? "font-medium text-ink" : undefined} quiet>
                    {formatNumber(lag)}
                  </Cell>
                </tr>
              );
            })}
          <tr aria-hidden>
            <td className="h-1.5" />
          </tr>
        </tbody>
      ))}
    </Table>
  );
}

function Functions({ traffic }: { traffic: NonNullable<Pipeline["traffic"]> }) {
  return (
    <Table
      name={words.functionsBehind()}
      heads={[words.functionHead(), words.rate(), "p50", "p95", spare, words.failedHead()]}
      note={words.functionsNote()}
    >
      <tbody className="divide-y divide-line border-t border-line">
        {traffic.functions.map((each) => (
          <tr key={each.function}>
            <Name>{each.function}</Name>
            <Cell>{describeRate(each.per_second)}</Cell>
            <Cell>{describeLatency(each.p50_ms)}</Cell>
            <Cell>{describeLatency(each.p95_ms)}</Cell>
            <Cell className="max-sm:hidden">{describeLatency(each.p99_ms)}</Cell>
            <Cell className={each.failed > 0 ? "font-medium text-danger" : undefined}>
              {formatNumber(each.failed)}
            </Cell>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}

interface TableProps {
  name: string;
  heads: string[];
  note: string;
  children: ReactNode;
}

function Table({ name, heads, note, children }: TableProps) {
  return (
    <section aria-label={name} className="min-w-0">
      <h2 className="mb-3 font-semibold">{name}</h2>
      <div
        className="overflow-x-auto rounded-xl border border-line bg-surface"
        role="group"
        aria-label={name}
        tabIndex={0}
      >
        <table className="w-full text-sm">
          <thead className="text-xs text-ink-3">
            <tr>
              {heads.map((head, i) => (
                <th
                  key={head}
                  scope="col"
                  className={cn(
                    "px-1.5 py-2 font-medium",
                    i === 0 ? "ps-4 text-start" : "text-end last:pe-4",
                    head === spare && "max-sm:hidden",
                  )}
                >
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          {children}
        </table>
      </div>
      <p className="mt-2 text-xs text-ink-3">{note}</p>
    </section>
  );
}

function Name({ children }: { children: ReactNode }) {
  return (
    <th scope="row" className="py-2 ps-4 pe-2 text-start font-medium">
      {children}
    </th>
  );
}

interface CellProps {
  children?: ReactNode;
  className?: string;
  quiet?: boolean;
}

function Cell({ children, className, quiet = false }: CellProps) {
  return (
    <td
      className={cn(
        "tabular px-1.5 text-end whitespace-nowrap last:pe-4",
        quiet ? "py-1 text-ink-2" : "py-2",
        className,
      )}
    >
      {children}
    </td>
  );
}
