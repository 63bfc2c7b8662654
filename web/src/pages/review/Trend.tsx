import { theme } from "antd";

const WIDTH = 640;
const HEIGHT = 160;
const EDGE = 28;

/** Means over time, 0 to 100 points, with the span from lowest to highest. */
export function Trend({ lines, title }: { lines: readonly { name: string; mean: number; lowest: number; highest: number }[]; title: string }) {
  const { token } = theme.useToken();
  const x = (place: number) => EDGE + (lines.length < 2 ? (WIDTH - 2 * EDGE) / 2 : (place * (WIDTH - 2 * EDGE)) / (lines.length - 1));
  const y = (points: number) => HEIGHT - EDGE - (points / 100) * (HEIGHT - 2 * EDGE);
  const way = lines.map((line, place) => `${x(place)},${y(line.mean)}`).join(" ");
  return (
    <svg role="img" aria-label={title} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} style={{ width: "100%", maxWidth: WIDTH }}>
      {[0, 50, 100].map((points) => (
        <g key={points}>
          <line x1={EDGE} x2={WIDTH - EDGE} y1={y(points)} y2={y(points)} stroke={token.colorBorderSecondary} />
          <text x={EDGE - 4} y={y(points) + 4} textAnchor="end" fontSize={10} fill={token.colorTextDescription}>{points}</text>
        </g>
      ))}
      {lines.map((line, place) => (
        <g key={line.name}>
          <line x1={x(place)} x2={x(place)} y1={y(line.lowest)} y2={y(line.highest)} stroke={token.colorPrimary} strokeOpacity={0.3} strokeWidth={6} strokeLinecap="round" />
          <circle cx={x(place)} cy={y(line.mean)} r={4} fill={token.colorPrimary}><title>{`${line.name}: ${line.mean}`}</title></circle>
          <text x={x(place)} y={HEIGHT - 8} textAnchor="middle" fontSize={10} fill={token.colorTextDescription}>{line.name}</text>
        </g>
      ))}
      <polyline points={way} fill="none" stroke={token.colorPrimary} strokeWidth={2} />
    </svg>
  );
}
