package dapr_test

import (
	"encoding/base64"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"

	"taskwire.dev/shared/dapr"
)

func TestReadDelivery(t *testing.T) {
	t.Parallel()
	raw := base64.StdEncoding.EncodeToString([]byte(`{"id":"1"}`))
	for body, want := range map[string][]string{
		`{"entries":[]}`: {},
		`{"id":"x","entries":[{"entryId":"a","event":"` + raw + `","metadata":{"k":["v"]}},{"event":{"id":"2", "data":[1]},"entryId":"b"}],"topic":"t"}`: {`{"id":"1"}`, `{"id":"2", "data":[1]}`},
		`{"entries":[{"entryId":"a","event":"no base64"},{"entryId":"b","event":"YQ="},{"entryId":"c","event":"Y===" },{"entryId":"d","event":""}]}`:     {`"no base64"`, `"YQ="`, `"Y==="`, ``},
		`{"entries":[{"entryId":"a"}]}`:  {``},
		`{"entries":1,"specversion":""}`: {`{"entries":1,"specversion":""}`},
		`{"entries":[1]}`:                {`{"entries":[1]}`},
		`{"entries":[{"event":`:          {`{"entries":[{"event":`},
		`{"type":"com.dapr.event.sent","pubsubname":"p","data_base64":"` + raw + `"}`: {`{"id":"1"}`},
		`{"type":"x","pubsubname":"p","data_base64":"` + raw + `"}`:                   {`{"type":"x","pubsubname":"p","data_base64":"` + raw + `"}`},
		`no JSON`: {`no JSON`},
		``:        {``},
	} {
		d, err := dapr.ReadDelivery(httptest.NewRecorder(), httptest.NewRequest("POST", "/", strings.NewReader(body)), 1<<20)
		if err != nil {
			t.Errorf("%s: %v", body, err)
			continue
		}
		got := []string{}
		for _, r := range d.Records {
			got = append(got, string(r))
		}
		if fmt.Sprintf("%q", got) != fmt.Sprintf("%q", want) {
			t.Errorf("%s:\n%q, not\n%q", body, got, want)
		}
	}
}
