package boards

import (
	"encoding/json"
	"fmt"
	"strings"
)

// vmuiBoard is a board in the format of VictoriaMetrics' own pages, so that a laptop shows the boards without Grafana.
type vmuiBoard struct {
	Title string    `json:"title"`
	Rows  []vmuiRow `json:"rows"`
}

type vmuiRow struct {
	Title  string      `json:"title"`
	Panels []vmuiPanel `json:"panels"`
}

type vmuiPanel struct {
	Title       string   `json:"title"`
	Description string   `json:"description"`
	Unit        string   `json:"unit,omitempty"`
	Expr        []string `json:"expr"`
	Alias       []string `json:"alias"`
	ShowLegend  bool     `json:"showLegend"`
	Width       uint32   `json:"width"` // of 12 columns
}

// variables replaces what Grafana fills in: vmui has no variables.
var variables = strings.NewReplacer("$__rate_interval", "1m", "$__range", "1h", "$service", ".+")

// units are vmui's words for Grafana's.
var units = map[string]string{"s": "s", "ms": "ms", "bytes": "bytes", "reqps": "/s", "ops": "/s", "percentunit": ""}

// VMUI returns each board's JSON for vmui by its file's name.
func VMUI() (map[string][]byte, error) {
	files := map[string][]byte{}
	for _, b := range all {
		board := vmuiBoard{Title: b.title}
		for _, r := range b.rows {
			rows := vmuiRow{Title: r.title}
			for _, p := range r.panels {
				rows.Panels = append(rows.Panels, p.vmui())
			}
			board.Rows = append(board.Rows, rows)
		}
		content, err := json.MarshalIndent(board, "", "  ")
		if err != nil {
			return nil, fmt.Errorf("board %s: %w", b.id, err)
		}
		files[b.id+".json"] = append(content, '\n')
	}
	return files, nil
}

func (p panel) vmui() vmuiPanel {
	out := vmuiPanel{Title: p.title, Description: p.description, Unit: units[p.unit], ShowLegend: true, Width: 4}
	for _, q := range p.queries {
		out.Expr = append(out.Expr, variables.Replace(q.expr))
		out.Alias = append(out.Alias, q.legend)
	}
	return out
}
