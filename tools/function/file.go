package function

import "sigs.k8s.io/yaml"

// RawDeployer is func's deployer of a plain Deployment.
const RawDeployer = "raw"

// File is a func.yaml, with the fields of func 0.50 that Taskwire uses.
type File struct {
	SpecVersion string `json:"specVersion"`
	Name        string `json:"name"`
	Runtime     string `json:"runtime"`
	Created     string `json:"created"`
	Invoke      string `json:"invoke"`
	// Deployer is RawDeployer for a plain Deployment, otherwise empty.
	Deployer string `json:"deployer"`
	Build    struct {
		Builder string `json:"builder"`
	} `json:"build"`
	Run struct {
		Envs    []Variable `json:"envs"`
		Volumes []Volume   `json:"volumes"`
	} `json:"run"`
	Deploy struct {
		Annotations        map[string]string `json:"annotations"`
		Labels             []Label           `json:"labels"`
		ServiceAccountName string            `json:"serviceAccountName"`
		ImagePullSecret    string            `json:"imagePullSecret"`
		HealthEndpoints    struct {
			Liveness  string `json:"liveness"`
			Readiness string `json:"readiness"`
		} `json:"healthEndpoints"`
		Options struct {
			Scale struct {
				Min         *int64   `json:"min"`
				Max         *int64   `json:"max"`
				Metric      string   `json:"metric"`
				Target      *float64 `json:"target"`
				Utilization *float64 `json:"utilization"`
			} `json:"scale"`
			Resources struct {
				Requests Amounts `json:"requests"`
				Limits   struct {
					Amounts     `json:",inline"`
					Concurrency *int64 `json:"concurrency"`
				} `json:"limits"`
			} `json:"resources"`
		} `json:"options"`
	} `json:"deploy"`
}

// Volume is one of run.volumes: the files of a secret or of a config map at a path.
type Volume struct {
	Secret    string `json:"secret"`
	ConfigMap string `json:"configMap"`
	Path      string `json:"path"`
}

// Label is one of deploy.labels.
type Label struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

// Amounts are a container's resources, as Kubernetes writes quantities: 100m, 64Mi. Empty: none.
type Amounts struct {
	CPU    string `json:"cpu"`
	Memory string `json:"memory"`
}

// Raw reports whether func makes it a Deployment instead of a Knative Service.
func (f File) Raw() bool { return f.Deployer == RawDeployer }

// ParseFile is strict: func itself accepts unknown fields in silence, so a misspelt one would be a setting that is not there.
func ParseFile(content []byte) (f File, err error) {
	err = yaml.UnmarshalStrict(content, &f)
	return f, err
}
