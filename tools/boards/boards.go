// Package boards generates the Grafana boards of Taskwire as JSON.
package boards

import (
	"encoding/json"
	"fmt"

	"github.com/grafana/grafana-foundation-sdk/go/cog"
	"github.com/grafana/grafana-foundation-sdk/go/cog/variants"
	"github.com/grafana/grafana-foundation-sdk/go/common"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
	"github.com/grafana/grafana-foundation-sdk/go/prometheus"
	"github.com/grafana/grafana-foundation-sdk/go/stat"
	"github.com/grafana/grafana-foundation-sdk/go/timeseries"
)

// board is one board: rows of panels, each row on 24 columns.
type board struct {
	// id is the file's name, and with a prefix the board's uid, which links to it contain.
	id, title, description string
	// from is the time range that it opens with.
	from string
	// byService adds the variable $service, which panels use as service_name=~"$service".
	byService bool
	rows      []row
}

type row struct {
	title  string
	panels []panel
}

// panel shows queries over time, or one value if it is a figure.
type panel struct {
	title, description string
	// unit is one of Grafana's: s, reqps, percentunit, short, bytes.
	unit    string
	figure  bool
	width   uint32
	queries []query
	// limits are values from which the colour changes, the worst last: orange and red, or red alone.
	limits []float64
	// low turns limits around: below the first it is red, from the first orange, from the second green.
	low bool
}

type query struct{ expr, legend string }

// all are the boards, in the order of docs/observability.md.
var all = []board{eventFlow, functions, experience, infrastructure}

// JSON returns each board's JSON by its file's name.
func JSON() (map[string][]byte, error) {
	files := map[string][]byte{}
	for _, b := range all {
		built, err := b.build()
		if err != nil {
			return nil, fmt.Errorf("board %s: %w", b.id, err)
		}
		content, err := json.MarshalIndent(built, "", "  ")
		if err != nil {
			return nil, fmt.Errorf("board %s: %w", b.id, err)
		}
		files[b.id+".json"] = append(content, '\n')
	}
	return files, nil
}

// build uses the classic schema: Grafana reads the newer one from its API only, not from files and config maps.
//
//nolint:staticcheck // deprecated in favor of the newer schema
func (b board) build() (dashboard.Dashboard, error) {
	builder := dashboard.NewDashboardBuilder("Taskwire: "+b.title).
		Uid("taskwire-"+b.id).
		Description(b.description).
		Tags([]string{"taskwire"}).
		Time(b.from, "now").
		Refresh("30s").
		Tooltip(dashboard.DashboardCursorSyncCrosshair).
		Readonly().
		WithVariable(dashboard.NewDatasourceVariableBuilder("datasource").Label("Data source").Type("prometheus")).
		Link(dashboard.NewDashboardLinkBuilder("Other boards").Type(dashboard.DashboardLinkTypeDashboards).Tags([]string{"taskwire"}).AsDropdown(true))
	if b.byService {
		builder = builder.WithVariable(dashboard.NewQueryVariableBuilder("service").
			Label("Function").
			Datasource(datasource()).
			Query(dashboard.StringOrMap{String: cog.ToPtr("label_values(http_server_request_duration_seconds_count, service_name)")}).
			Refresh(dashboard.VariableRefreshOnTimeRangeChanged).
			Sort(dashboard.VariableSortAlphabeticalAsc).
			Multi(true).
			IncludeAll(true))
	}
	id := uint32(0)
	for _, r := range b.rows {
		id++
		builder = builder.WithRow(dashboard.NewRowBuilder(r.title).Id(id))
		for _, p := range r.panels {
			id++
			builder = builder.WithPanel(p.builder(id))
		}
	}
	return builder.Build()
}

func datasource() common.DataSourceRef {
	return common.DataSourceRef{Type: cog.ToPtr("prometheus"), Uid: cog.ToPtr("${datasource}")}
}

func (p panel) builder(id uint32) cog.Builder[dashboard.Panel] {
	if p.figure {
		b := stat.NewPanelBuilder().
			Id(id).Title(p.title).Description(p.description).Datasource(datasource()).Unit(p.unit).Span(p.width).Height(5).
			ReduceOptions(common.NewReduceDataOptionsBuilder().Calcs([]string{"lastNotNull"})).
			ColorMode(common.BigValueColorModeValue).
			Thresholds(p.thresholds())
		for i, q := range p.queries {
			b = b.WithTarget(q.builder(i))
		}
		return b
	}
	b := timeseries.NewPanelBuilder().
		Id(id).Title(p.title).Description(p.description).Datasource(datasource()).Unit(p.unit).Span(p.width).Height(8).
		Min(0).FillOpacity(8).LineWidth(1).ShowPoints(common.VisibilityModeNever).
		Legend(common.NewVizLegendOptionsBuilder().
			DisplayMode(common.LegendDisplayModeTable).Placement(common.LegendPlacementBottom).ShowLegend(true).Calcs([]string{"lastNotNull", "max"})).
		Tooltip(common.NewVizTooltipOptionsBuilder().Mode(common.TooltipDisplayModeMulti).Sort(common.SortOrderDescending)).
		Thresholds(p.thresholds())
	if len(p.limits) > 0 {
		b = b.ThresholdsStyle(common.NewGraphThresholdsStyleConfigBuilder().Mode(common.GraphThresholdsStyleModeDashed))
	}
	for i, q := range p.queries {
		b = b.WithTarget(q.builder(i))
	}
	return b
}

// builder names the n-th query of its panel as Grafana does: A, B and so on.
func (q query) builder(n int) cog.Builder[variants.Dataquery] {
	return prometheus.NewDataqueryBuilder().RefId(string(rune('A' + n))).Expr(q.expr).LegendFormat(q.legend).Range()
}

// thresholds colours what is good green.
func (p panel) thresholds() cog.Builder[dashboard.ThresholdsConfig] {
	colors := []string{"green", "orange", "red"}
	if len(p.limits) == 1 {
		colors = []string{"green", "red"}
	}
	if p.low {
		colors = []string{"red", "orange", "green"}
	}
	steps := []dashboard.Threshold{{Color: colors[0]}}
	for i, limit := range p.limits {
		steps = append(steps, dashboard.Threshold{Value: cog.ToPtr(limit), Color: colors[i+1]})
	}
	return dashboard.NewThresholdsConfigBuilder().Mode(dashboard.ThresholdsModeAbsolute).Steps(steps)
}

// quantiles are the median and the 99th percentile of a histogram, by further labels if there are any.
func quantiles(histogram, matchers, legend string, by ...string) []query {
	labels := "le"
	for _, label := range by {
		labels += ", " + label
	}
	var queries []query
	for _, q := range []struct{ quantile, name string }{{"0.5", "p50"}, {"0.99", "p99"}} {
		name := q.name
		if legend != "" {
			name = legend + " " + q.name
		}
		queries = append(queries, query{
			fmt.Sprintf("histogram_quantile(%s, sum by (%s) (rate(%s_bucket{%s}[$__rate_interval])))", q.quantile, labels, histogram, matchers), name,
		})
	}
	return queries
}
