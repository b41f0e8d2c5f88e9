package telemetry

import (
	"sync"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
)

// Labels are the attributes of an instrument's measurements. Each set is built once and kept: building one takes longer
// than the measurement. So a key must have few values, as must the attributes that it stands for.
type Labels[K comparable] struct {
	build func(K) []attribute.KeyValue

	mu    sync.RWMutex
	built map[K]metric.MeasurementOption
}

// NewLabels returns Labels for which build names the attributes of a key.
func NewLabels[K comparable](build func(K) []attribute.KeyValue) *Labels[K] {
	return &Labels[K]{build: build, built: map[K]metric.MeasurementOption{}}
}

// Label returns Labels with one attribute, which has the key as its value.
func Label(name attribute.Key) *Labels[string] {
	return NewLabels(func(value string) []attribute.KeyValue { return []attribute.KeyValue{name.String(value)} })
}

// Of returns the attributes for a key.
func (l *Labels[K]) Of(key K) metric.MeasurementOption {
	l.mu.RLock()
	option, found := l.built[key]
	l.mu.RUnlock()
	if found {
		return option
	}
	option = metric.WithAttributeSet(attribute.NewSet(l.build(key)...))
	l.mu.Lock()
	defer l.mu.Unlock()
	l.built[key] = option
	return option
}
