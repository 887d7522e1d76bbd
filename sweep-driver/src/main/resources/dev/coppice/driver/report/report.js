'use strict';

const report = JSON.parse(document.getElementById('data').textContent);
const dark = matchMedia('(prefers-color-scheme: dark)');
const css = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
// Fractions are shown in per cent; perplexities as they are.
const isFraction = measure => measure.startsWith('accuracy');
const shown = (value, measure) => value === null ? null : isFraction(measure) ? 100 * value : value;

// Twelve colours that stay apart for colour-blind readers, on light and on dark; shapes tell neighbours apart, too.
const light = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#8a6d00', '#56b4e9', '#7b3fa0', '#a33b20', '#3d7a2a', '#b0006d', '#5b6770', '#00818a'];
const night = ['#5fb3ef', '#ff9a4d', '#3ddbab', '#f0a6cf', '#e5c649', '#9ad4ff', '#c39af0', '#ff8f75', '#96d977', '#ff78c5', '#b4c0c9', '#4fd5df'];
const shapes = ['circle', 'rect', 'triangle', 'rectRot', 'star', 'crossRot'];
const colour = i => (dark.matches ? night : light)[i % light.length];

function axis(title, more) {
  return {
    title: {display: true, text: title, color: css('--faint')},
    ticks: {color: css('--faint')},
    grid: {color: css('--rule')},
    border: {color: css('--rule')},
    ...more,
  };
}

const legend = () => ({
  position: 'bottom',
  labels: {
    color: css('--ink'),
    usePointStyle: true,
    boxHeight: 7,
    padding: 12,
    filter: item => !item.text.startsWith('\u00b1'),
  },
  // A curve takes the edges of its band along.
  onClick: (event, item, self) => {
    const name = self.chart.data.datasets[item.datasetIndex].label;
    const visible = self.chart.isDatasetVisible(item.datasetIndex);
    self.chart.data.datasets.forEach((set, i) => {
      if (set.label === name || set.label === '\u00b1' + name) self.chart.setDatasetVisibility(i, !visible);
    });
    self.chart.update();
  },
});

/** A curve's points; ratio 0 of any method is the dense model. */
function points(method, dense, measure, value) {
  const start = dense[measure] === null ? [] : [{x: 0, y: value(dense)}];
  return start.concat(method.cells.filter(cell => cell[measure] !== null).map(cell => ({x: cell.ratio, y: value(cell)})));
}

function curve(method, i, dense, measure) {
  const deviation = cell => shown(cell[measure + '_std'], measure);
  const line = {
    label: method.name,
    data: points(method, dense, measure, cell => shown(cell[measure], measure)),
    borderColor: colour(i),
    backgroundColor: colour(i),
    borderWidth: 2,
    pointStyle: shapes[i % shapes.length],
    pointRadius: 4,
    clip: 8,
    deviations: points(method, dense, measure, deviation).map(point => point.y),
  };
  if (line.deviations.every(deviation => deviation === null)) return [line];
  const edge = (sign, fill) => ({
    label: '\u00b1' + method.name,
    data: points(method, dense, measure, cell => shown(cell[measure], measure) + sign * (deviation(cell) ?? 0)),
    borderWidth: 0,
    pointRadius: 0,
    pointHitRadius: 0,
    backgroundColor: colour(i) + '30',
    fill,
  });
  return [line, edge(1, false), edge(-1, '-1')];
}

function denseLine(y, from, to) {
  return {
    label: 'dense',
    data: [{x: from, y}, {x: to, y}],
    borderColor: css('--ink'),
    backgroundColor: css('--ink'),
    borderDash: [6, 4],
    borderWidth: 1.5,
    pointRadius: 0,
    pointStyle: 'line',
  };
}

/** Perplexities grow a thousandfold where a model breaks: such a curve needs a logarithmic axis. */
function valueAxis(measure, values) {
  const name = measure.replaceAll('_', ' ');
  if (isFraction(measure)) return axis(name + ', %', {afterDataLimits: scale => { scale.max = Math.min(100, scale.max); }});
  const wide = Math.max(...values) > 20 * Math.min(...values);
  return axis(name, wide ? {type: 'logarithmic'} : {});
}

function drawCurves(canvas) {
  const section = report.sections[canvas.dataset.curves];
  const measure = canvas.dataset.measure;
  const last = Math.max(0.1, ...section.ratios);
  const datasets = section.methods.flatMap((method, i) => curve(method, i, section.dense, measure));
  if (section.dense[measure] !== null) datasets.unshift(denseLine(shown(section.dense[measure], measure), 0, last));
  return new Chart(canvas, {
    type: 'line',
    data: {datasets},
    options: {
      animation: false,
      maintainAspectRatio: false,
      interaction: {mode: 'nearest', intersect: false},
      scales: {
        x: axis('fraction pruned', {type: 'linear', min: 0, max: last}),
        y: valueAxis(measure, datasets.flatMap(set => set.data.map(point => point.y))),
      },
      plugins: {
        legend: legend(),
        tooltip: {
          filter: item => !item.dataset.label.startsWith('\u00b1'),
          callbacks: {
            title: items => items.length === 0 || items[0].dataset.label === 'dense' ? '' : 'ratio ' + items[0].parsed.x,
            label: item => {
              const deviation = item.dataset.deviations?.[item.dataIndex];
              return item.dataset.label + ': ' + item.parsed.y.toFixed(2) + (isFraction(measure) ? ' %' : '')
                + (deviation == null ? '' : ' \u00b1 ' + deviation.toFixed(2));
            },
          },
        },
      },
    },
  });
}

function drawKept(canvas, ratio) {
  const section = report.sections[canvas.dataset.kept];
  const {granularity, units} = canvas.dataset;
  const bars = section.methods.flatMap((method, i) => {
    if (method.granularity !== granularity) return [];
    const cell = method.cells.find(each => each.ratio === ratio && each.kept_per_layer.length > 0);
    return cell === undefined ? [] : [{
      label: method.name,
      data: cell.kept_per_layer,
      backgroundColor: colour(i),
      pointStyle: 'rect',
    }];
  });
  const dense = granularity === 'state' ? section.dense.kept_per_layer : []; // of a dense model they are states
  const layers = Math.max(dense.length, ...bars.map(bar => bar.data.length));
  const datasets = dense.length === 0 ? bars : [{
    ...denseLine(0, 0, 0),
    type: 'line',
    data: dense,
  }, ...bars];
  return new Chart(canvas, {
    type: 'bar',
    data: {labels: Array.from({length: layers}, (_, layer) => 'layer ' + (layer + 1)), datasets},
    options: {
      animation: false,
      maintainAspectRatio: false,
      scales: {
        x: axis('', {title: {display: false}, grid: {display: false}}),
        y: axis(units + ' kept in the layer', {beginAtZero: true}),
      },
      plugins: {
        legend: legend(),
        tooltip: {callbacks: {label: item => item.dataset.label + ': ' + Number(item.parsed.y.toFixed(1)) + ' kept'}},
      },
    },
  });
}

/** Buttons for the ratios that have results; the middle one first, where methods differ most. */
function ratioButtons(holder, canvas) {
  const methods = report.sections[canvas.dataset.kept].methods.filter(method => method.granularity === canvas.dataset.granularity);
  const cells = methods.flatMap(method => method.cells).filter(cell => cell.kept_per_layer.length > 0);
  const ratios = [...new Set(cells.map(cell => cell.ratio))].sort((a, b) => a - b);
  let chart = null;
  let chosen = ratios[Math.floor(ratios.length / 2)];
  const draw = () => {
    chart?.destroy();
    chart = drawKept(canvas, chosen);
    for (const button of holder.children) button.ariaPressed = String(Number(button.textContent) === chosen);
  };
  for (const ratio of ratios) {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = ratio;
    button.addEventListener('click', () => { chosen = ratio; draw(); });
    holder.append(button);
  }
  draw();
  dark.addEventListener('change', draw);
}

for (const canvas of document.querySelectorAll('[data-curves]')) {
  let chart = drawCurves(canvas);
  dark.addEventListener('change', () => { chart.destroy(); chart = drawCurves(canvas); });
}
for (const canvas of document.querySelectorAll('[data-kept]')) {
  ratioButtons(canvas.closest('figure').querySelector('.ratios'), canvas);
}
