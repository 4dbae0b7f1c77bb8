//! Text commands.

use super::choices::Choices;

const COMMANDS: [&str; 25] = [
    "namespaces\nbuild\nfeatures",
    "namespace/test",
    "sets",
    "sets/test/s",
    "statistics",
    "replicas\npartition-generation",
    "truncate:namespace=test;set=s",
    "truncate-namespace:namespace=test",
    "sindex-list:",
    "sindex-stat:namespace=test;indexname=i",
    "sindex-stat:namespace=test;indexname=l",
    "sindex-delete:namespace=test;indexname=i",
    "sindex-create:namespace=test;set=s;indexname=i;bin=i;type=numeric",
    "sindex-create:namespace=test;indexname=s;bin=s;type=string",
    "sindex-create:namespace=test;indexname=l;bin=l;indextype=list;type=numeric",
    "sindex-create:namespace=test;indexname=m;bin=m;indextype=mapkeys;type=string",
    "sindex-create:namespace=test;indexname=c;bin=m;context=kiKiA2E=;indextype=list;type=numeric",
    "sindex-create:namespace=test;indexname=g;bin=g;type=geo2dsphere",
    "sindex-create:namespace=test;indexname=e;exp=kxSTUQKhaQE=;type=numeric",
    "udf-put:filename=m.lua;content=ZnVuY3Rpb24gZihyLGIpIHJldHVybiByW2JdIGVuZA==;content-len=44",
    "udf-list\nudf-get:filename=m.lua",
    "get-config:context=namespace;namespace=test",
    "query-show\nquery-abort-all:",
    "udf-put:filename=w.lua;content=ZnVuY3Rpb24gZihyLHYpIHIuaT12IHIubD1saXN0e3Z9IGlmIGFlcm9zcGlrZTpleGlzdHMocikgdGhlbiBhZXJvc3Bpa2U6dXBkYXRlKHIpIGVsc2UgYWVyb3NwaWtlOmNyZWF0ZShyKSBlbmQgcmV0dXJuIG1hcHthPXZ9IGVuZA==;content-len=176",
    "udf-put:filename=a.lua;content=bG9jYWwgZnVuY3Rpb24gbShyKSByZXR1cm4gci5pIG9yIDAgZW5kIGxvY2FsIGZ1bmN0aW9uIGEoeCx5KSByZXR1cm4geCt5IGVuZCBmdW5jdGlvbiBmKHMsdikgcmV0dXJuIHM6bWFwKG0pOnJlZHVjZShhKSBlbmQ=;content-len=164",
];

pub fn command(choices: &mut Choices<'_>) -> Vec<u8> {
    choices.pick(&COMMANDS).as_bytes().to_vec()
}
