package export

import (
	"context"
	"strings"

	"go.opentelemetry.io/otel/attribute"
	sdklog "go.opentelemetry.io/otel/sdk/log"
)

func validUTF8(s string) string { return strings.ToValidUTF8(s, "\ufffd") }

// utf8Lines replaces what is not UTF-8 in a log line before it is sent, as JSON does where the line is written.
type utf8Lines struct{ sdklog.Processor }

// OnEmit implements sdklog.Processor.
func (p utf8Lines) OnEmit(ctx context.Context, line *sdklog.Record) error {
	if body := line.Body(); body.Type() == attribute.STRING {
		line.SetBody(attribute.StringValue(validUTF8(body.AsString())))
	}
	attributes := make([]attribute.KeyValue, 0, line.AttributesLen())
	line.WalkAttributes(func(a attribute.KeyValue) bool {
		if a.Value.Type() == attribute.STRING {
			a.Value = attribute.StringValue(validUTF8(a.Value.AsString()))
		}
		attributes = append(attributes, a)
		return true
	})
	line.SetAttributes(attributes...)
	return p.Processor.OnEmit(ctx, line)
}
