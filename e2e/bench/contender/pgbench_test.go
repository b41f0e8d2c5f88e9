package contender

import "testing"

// printed is what pgbench 15 prints.
const printed = `transaction type: /tmp/taskwire-1.pgbench
scaling factor: 1
query mode: prepared
number of clients: 16
number of threads: 2
maximum number of tries: 1
duration: 6 s
number of transactions actually processed: 9336
number of failed transactions: 0 (0.000%)
latency average = 10.268 ms
initial connection time = 187.341 ms
tps = 1558.223114 (without initial connection time)
`

func TestResult_DoesNotCountTheLogins(t *testing.T) {
	t.Parallel()
	transactions, rate, err := result([]byte(printed))
	if err != nil || transactions != 9336 || rate != 1558.223114 {
		t.Errorf("%d transactions, %f/s, %v", transactions, rate, err)
	}
	for name, output := range map[string]string{
		"nothing":            "pgbench: error: connection to server failed\n",
		"no transaction":     "number of transactions actually processed: 0\ntps = 0.000000 (without initial connection time)\n",
		"with each login":    "number of transactions actually processed: 9\ntps = 9.5 (including reconnection times)\n",
		"half of its report": "number of transactions actually processed: 9336\n",
	} {
		if _, _, err := result([]byte(output)); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
