package registry

import (
	"bytes"
	"embed"
	"strings"
	"text/template"
)

//go:embed templates/*.tmpl
var templateFiles embed.FS

var templates = template.Must(template.New("").Funcs(template.FuncMap{
	"join": func(names []string) string { return strings.Join(names, ", ") },
}).ParseFS(templateFiles, "templates/*.tmpl"))

// render executes a YAML template below the header of generated files.
func render(name string, data any) ([]byte, error) {
	out := bytes.NewBufferString("# " + header + "\n")
	err := templates.ExecuteTemplate(out, name+".yaml.tmpl", data)
	return out.Bytes(), err
}
