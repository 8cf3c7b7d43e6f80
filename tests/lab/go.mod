module vsutils/lab

go 1.26

require (
	github.com/coreos/ignition/v2 v2.26.0 // indirect
	github.com/vincent-petithory/dataurl v1.0.0 // indirect
	gopkg.in/yaml.v3 v3.0.1 // indirect
)
