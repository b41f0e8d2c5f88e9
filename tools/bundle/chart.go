package bundle

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"sigs.k8s.io/yaml"

	"taskwire.dev/tools/manifest"
)

// registryValue is the chart's value for the registry of the images.
const registryValue = "registry"

// settingsFile has what is different for everybody, in an overlay that others are to use.
func settingsFile(root, environment string) string {
	return filepath.Join(root, "eventing", "overlays", environment, "settings", "settings.yaml")
}

// Settings are the overlay's settings, which are the chart's values.
func Settings(root, environment string) (map[string]string, error) {
	document, err := readSettings(settingsFile(root, environment))
	if err != nil {
		return nil, err
	}
	return document.data()
}

type settingsDocument manifest.Object

func readSettings(path string) (settingsDocument, error) {
	content, err := os.ReadFile(path)
	if os.IsNotExist(err) {
		return settingsDocument{}, nil
	}
	if err != nil {
		return nil, err
	}
	var document settingsDocument
	if err := yaml.Unmarshal(content, &document); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return document, nil
}

func (d settingsDocument) data() (map[string]string, error) {
	all := map[string]string{}
	data, _ := d["data"].(map[string]any)
	for key, value := range data {
		text, ok := value.(string)
		if !ok || !valueName.MatchString(key) || key == registryValue || key == namespaceValue {
			return nil, fmt.Errorf("settings.yaml: %s: %v: a setting is a string, and its name can be that of a value of the chart", key, value)
		}
		all[key] = text
	}
	return all, nil
}

var valueName = regexp.MustCompile(`^[a-z][a-zA-Z0-9_-]*$`)

// Stage copies the manifests of a repository into a folder, with other values for the overlay's settings.
func Stage(root, environment, folder string, values map[string]string) error {
	for _, part := range []string{"eventing", "dapr"} {
		if err := os.CopyFS(filepath.Join(folder, part), os.DirFS(filepath.Join(root, part))); err != nil {
			return err
		}
	}
	path := settingsFile(folder, environment)
	document, err := readSettings(path)
	if err != nil || len(document) == 0 {
		return err
	}
	data, _ := document["data"].(map[string]any)
	for key, value := range values {
		if _, ok := data[key]; ok {
			data[key] = value
		}
	}
	content, err := yaml.Marshal(document)
	if err != nil {
		return err
	}
	return os.WriteFile(path, content, 0o600)
}

// Placeholders are values that occur nowhere else as whole words, of the same form as the settings: an address, with its port, a number.
// In manifests that were rendered with them, one can see where a setting went.
func Placeholders(settings map[string]string) map[string]string {
	all := map[string]string{}
	for i, key := range slices.Sorted(maps.Keys(settings)) {
		host, number := "chart-"+strings.ToLower(key)+".invalid", strconv.Itoa(61200+i)
		switch value := settings[key]; {
		case isNumber(value):
			all[key] = number
		case strings.Contains(value, "://"):
			scheme, _, _ := strings.Cut(value, "://")
			all[key] = scheme + "://" + host
		case hasPort(value):
			all[key] = host + ":" + number
		default:
			all[key] = host
		}
	}
	return all
}

func isNumber(value string) bool { _, err := strconv.Atoi(value); return err == nil }

func hasPort(value string) bool {
	at := strings.LastIndex(value, ":")
	return at > 0 && isNumber(value[at+1:])
}

// Chart is a Helm chart of one release.
type Chart struct {
	Version string
	// Values are the defaults.
	Values map[string]string
	// templates are the files in templates/, by name.
	templates map[string]string
}

// namespaceValue is the chart's value that leaves the namespace out, for one that exists already.
const namespaceValue = "createNamespace"

// NewChart makes the chart of the objects of a release, which were made with the placeholders as settings, and as registry.
func NewChart(version string, objects []manifest.Object, values, placeholders map[string]string) (Chart, error) {
	c := Chart{Version: version, Values: map[string]string{}, templates: map[string]string{}}
	expressions := expressionsOf(placeholders)
	var namespaces, others []manifest.Object
	for _, one := range objects {
		if one.Kind() == "Namespace" {
			namespaces = append(namespaces, one)
		} else {
			others = append(others, one)
		}
	}
	for name, part := range map[string][]manifest.Object{"namespace.yaml": namespaces, "taskwire.yaml": others} {
		content, err := manifest.Encode(part)
		if err != nil {
			return c, err
		}
		text := strings.ReplaceAll(string(content), "{{", opened) // an alert's own template is none of Helm's
		for _, e := range expressions {
			if filled := e.fill(text); filled != text {
				text = filled
				c.Values[e.value] = values[e.value]
			}
		}
		c.templates[name] = text
	}
	c.templates["namespace.yaml"] = "{{- if .Values." + namespaceValue + " }}\n" + c.templates["namespace.yaml"] + "{{- end }}\n"
	return c, nil
}

// opened is how a template says two opening braces.
const opened = `{{ "{{" }}`

type expression struct{ placeholder, expression, value string }

// fill puts the expression where the placeholder is. A number counts only as a whole word: its digits occur in digests and commits, too.
func (e expression) fill(text string) string {
	if !isNumber(e.placeholder) {
		return strings.ReplaceAll(text, e.placeholder, e.expression)
	}
	return regexp.MustCompile(`\b`+e.placeholder+`\b`).ReplaceAllLiteralString(text, e.expression)
}

// expressionsOf lists what stands for a placeholder in a template, and for the host and the port of an address, which
// manifests also use apart.
func expressionsOf(placeholders map[string]string) []expression {
	var all []expression
	for _, key := range slices.Sorted(maps.Keys(placeholders)) {
		whole := placeholders[key]
		value := ".Values." + key
		if strings.Contains(key, "-") { // which would be a subtraction
			value = `(index .Values "` + key + `")`
		}
		all = append(all, expression{whole, "{{ " + value + " }}", key})
		if !isNumber(whole) {
			// A whole scalar, which may have any characters, such as those of "Acme, Inc." <tasks@example.com>.
			for _, start := range []string{": ", "- "} {
				all = append(all, expression{start + whole + "\n", start + "{{ " + value + " | quote }}\n", key})
			}
		}
		if hasPort(whole) && !strings.Contains(whole, "://") {
			host, port, _ := strings.Cut(whole, ":")
			all = append(all, expression{host, `{{ splitList ":" ` + value + ` | first }}`, key},
				expression{port, `{{ splitList ":" ` + value + ` | last }}`, key})
		}
	}
	// The longest first: one may be a part of another.
	slices.SortStableFunc(all, func(a, b expression) int { return len(b.placeholder) - len(a.placeholder) })
	return all
}

// Check compares what the chart renders to by default with the objects of the release. It knows only the expressions
// above; a test renders a chart with Helm.
func (c Chart) Check(want []manifest.Object, placeholders map[string]string) error {
	var got []manifest.Object
	for _, name := range slices.Sorted(maps.Keys(c.templates)) {
		text := strings.TrimPrefix(c.templates[name], "{{- if .Values."+namespaceValue+" }}\n")
		if name == "namespace.yaml" {
			text = strings.TrimSuffix(text, "{{- end }}\n")
		}
		for _, e := range expressionsOf(placeholders) {
			value := c.Values[e.value]
			switch {
			case strings.HasSuffix(e.expression, "quote }}\n"):
				value = e.expression[:2] + strconv.Quote(value) + "\n"
			case strings.HasSuffix(e.expression, "first }}"):
				value, _, _ = strings.Cut(value, ":")
			case strings.HasSuffix(e.expression, "last }}"):
				value = value[strings.LastIndex(value, ":")+1:]
			}
			text = strings.ReplaceAll(text, e.expression, value)
		}
		part, err := manifest.Parse([]byte(strings.ReplaceAll(text, opened, "{{")))
		if err != nil {
			return fmt.Errorf("the chart's %s: %w", name, err)
		}
		got = append(got, part...)
	}
	return Same(got, want)
}

// Same is an error unless both lists have the same objects, in any order.
func Same(got, want []manifest.Object) error {
	byID := func(all []manifest.Object) (map[string]any, error) {
		content, err := manifest.Encode(all)
		if err != nil {
			return nil, err
		}
		read, err := manifest.Parse(content) // all numbers of one type
		if err != nil {
			return nil, err
		}
		found := map[string]any{}
		for _, one := range read {
			namespace, _ := one.Metadata()["namespace"].(string)
			found[fmt.Sprint(one["apiVersion"], " ", one.Kind(), " ", namespace, "/", one.Name())] = map[string]any(one)
		}
		return found, nil
	}
	has, err := byID(got)
	if err != nil {
		return err
	}
	wants, err := byID(want)
	if err != nil {
		return err
	}
	for id, one := range wants {
		if other, ok := has[id]; !ok {
			return fmt.Errorf("%s is missing", id)
		} else if !reflect.DeepEqual(one, other) {
			return fmt.Errorf("%s differs:\n%v\nwant\n%v", id, other, one)
		}
	}
	for id := range has {
		if _, ok := wants[id]; !ok {
			return fmt.Errorf("%s is too much", id)
		}
	}
	return nil
}

// Files are the chart's files, by their path in it.
func (c Chart) Files() (map[string][]byte, error) {
	about, err := yaml.Marshal(map[string]any{
		"apiVersion": "v2", "name": "taskwire", "type": "application",
		"version": strings.TrimPrefix(c.Version, "v"), "appVersion": c.Version,
		"description": "Taskwire, an event-driven todo platform on Knative and Dapr; docs/operations.md says what it needs",
	})
	if err != nil {
		return nil, err
	}
	values := map[string]any{namespaceValue: true}
	for key, value := range c.Values {
		values[key] = value
	}
	defaults, err := yaml.Marshal(values)
	if err != nil {
		return nil, err
	}
	files := map[string][]byte{"Chart.yaml": about, "values.yaml": defaults}
	for name, text := range c.templates {
		files["templates/"+name] = []byte(text)
	}
	return files, nil
}

// Write packs the chart, as `helm package` does. Time is that of its files.
func (c Chart) Write(to io.Writer, at time.Time) error {
	files, err := c.Files()
	if err != nil {
		return err
	}
	squeezed := gzip.NewWriter(to)
	archive := tar.NewWriter(squeezed)
	// Helm wants Chart.yaml first.
	for _, name := range slices.Sorted(maps.Keys(files)) {
		header := &tar.Header{Name: "taskwire/" + name, Mode: 0o644, Size: int64(len(files[name])), ModTime: at, Typeflag: tar.TypeReg}
		if err := archive.WriteHeader(header); err != nil {
			return err
		}
		if _, err := io.Copy(archive, bytes.NewReader(files[name])); err != nil {
			return err
		}
	}
	if err := archive.Close(); err != nil {
		return err
	}
	return squeezed.Close()
}
