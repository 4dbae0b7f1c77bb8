//! The file with the users and roles to start with:
//!
//! ```json
//! {
//!   "roles": [{"role": "readers", "privileges": [{"code": "read", "ns": "test", "set": "people"}],
//!              "whitelist": ["127.0.0.0/8"], "read_quota": 1000, "write_quota": 0}],
//!   "users": [{"user": "ada", "password": "secret", "roles": ["readers", "write"]},
//!             {"user": "app", "pki": true, "roles": ["read-write"]},
//!             {"user": "eve", "external": true, "password": "secret", "roles": ["read"]}]
//! }
//! ```
//!
//! A user with `pki` logs in by a certificate of its name, one that is `external` as if another
//! system had its password. All but the names may be absent, save a password where there is no
//! certificate.

use serde_json::{Map, Value as Json};

use super::allow_list::Network;
use super::directory::{Directory, Role};
use super::password::Password;
use super::permission::{KINDS, Privilege};
use crate::protocol::ResultCode;

type Object = Map<String, Json>;

/// Adds what the text says, or tells what is wrong in it.
pub fn load(directory: &mut Directory, text: &[u8]) -> Result<(), String> {
    let json: Json = serde_json::from_slice(text).map_err(|error| error.to_string())?;
    let file = json.as_object().ok_or("not an object with users and roles")?;
    check_names("the file", file, &["users", "roles"])?;
    for role in objects("the file", file, "roles")? {
        check_names(
            "a role",
            role,
            &["role", "privileges", "whitelist", "read_quota", "write_quota"],
        )?;
        let name = text_of("a role", role, "role")?.ok_or("a role has no role, its name")?;
        let what = format!("role {name:?}");
        directory.create_role(name, role_of(&what, role)?).map_err(told(&what))?;
    }
    for user in objects("the file", file, "users")? {
        check_names("a user", user, &["user", "password", "roles", "pki", "external"])?;
        let name = text_of("a user", user, "user")?.ok_or("a user has no user, its name")?;
        let what = format!("user {name:?}");
        let roles = texts(&what, user, "roles")?;
        let password = password_of(&what, user)?;
        directory.create_user(name, password, &roles).map_err(told(&what))?;
    }
    Ok(())
}

fn told(what: &str) -> impl Fn(ResultCode) -> String {
    move |code| match code {
        ResultCode::InvalidUser | ResultCode::UserExists | ResultCode::RoleExists => {
            format!("{what} is named as none can be, or twice")
        }
        _ => format!("{what} has an unknown role, or is named as none can be"),
    }
}

fn role_of(what: &str, role: &Object) -> Result<Role, String> {
    let mut privileges = Vec::new();
    for privilege in objects(what, role, "privileges")? {
        check_names(what, privilege, &["code", "ns", "set"])?;
        let code = match privilege.get("code") {
            Some(Json::String(name)) => KINDS.iter().find(|kind| kind.1 == name).map(|kind| kind.0),
            code => code.and_then(Json::as_u64).and_then(|code| u8::try_from(code).ok()),
        };
        let [namespace, set] = ["ns", "set"].map(|key| text_of(what, privilege, key));
        let (namespace, set) = (namespace?.unwrap_or(""), set?.unwrap_or(""));
        let made = code.and_then(|code| Privilege::new(code, namespace, set));
        privileges.push(made.ok_or_else(|| {
            format!("{what}: there is no privilege {}", Json::Object(privilege.clone()))
        })?);
    }
    let mut allow_list = Vec::new();
    for address in texts(what, role, "whitelist")? {
        let network = Network::parse(address);
        allow_list.push(network.ok_or_else(|| format!("{what}: {address:?} is no address"))?);
    }
    let quota = |key: &str| match role.get(key) {
        None => Ok(0),
        Some(quota) => quota
            .as_u64()
            .and_then(|quota| u32::try_from(quota).ok())
            .ok_or_else(|| format!("{what}: {key} must be a number from 0, not {quota}")),
    };
    Ok(Role {
        privileges,
        allow_list,
        read_quota: quota("read_quota")?,
        write_quota: quota("write_quota")?,
    })
}

fn password_of(what: &str, user: &Object) -> Result<Password, String> {
    let flag = |key: &str| match user.get(key) {
        None => Ok(false),
        Some(flag) => {
            flag.as_bool().ok_or_else(|| format!("{what}: {key} must be true or false, not {flag}"))
        }
    };
    let (pki, external) = (flag("pki")?, flag("external")?);
    match (text_of(what, user, "password")?, pki, external) {
        (None, true, false) => Ok(Password::Certificate),
        (Some(password), false, true) => Ok(Password::External(password.into())),
        (Some(password), false, false) => Ok(Password::Clear(password.into())),
        _ => Err(format!("{what} must have a password or else pki, which is not external")),
    }
}

fn check_names(what: &str, object: &Object, known: &[&str]) -> Result<(), String> {
    match object.keys().find(|name| !known.contains(&name.as_str())) {
        None => Ok(()),
        Some(name) => {
            Err(format!("{what} has an unknown {name:?}; known are {}", known.join(", ")))
        }
    }
}

fn text_of<'a>(what: &str, object: &'a Object, key: &str) -> Result<Option<&'a str>, String> {
    let text =
        |value: &'a Json| value.as_str().ok_or_else(|| format!("{what}: {key} is no string"));
    object.get(key).map(text).transpose()
}

fn array<'a>(what: &str, object: &'a Object, key: &str) -> Result<&'a [Json], String> {
    match object.get(key) {
        None => Ok(&[]),
        Some(Json::Array(items)) => Ok(items),
        Some(_) => Err(format!("{what}: {key} is no array")),
    }
}

fn texts<'a>(what: &str, object: &'a Object, key: &str) -> Result<Vec<&'a str>, String> {
    let text = |item: &'a Json| {
        item.as_str().ok_or_else(|| format!("{what}: {key} has what is no string: {item}"))
    };
    array(what, object, key)?.iter().map(text).collect()
}

fn objects<'a>(what: &str, object: &'a Object, key: &str) -> Result<Vec<&'a Object>, String> {
    // What is in it is not shown: it may have a password.
    let one = |item: &'a Json| {
        item.as_object().ok_or_else(|| format!("{what}: {key} has what is no object"))
    };
    array(what, object, key)?.iter().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load_text(text: &str) -> Result<Directory, String> {
        let mut directory = Directory::default();
        load(&mut directory, text.as_bytes()).map(|()| directory)
    }

    #[test]
    fn users_and_roles_are_as_the_file_says() {
        let directory = load_text(
            r#"{"roles": [{"role": "readers", "privileges": [{"code": "read", "ns": "test"}],
                           "whitelist": ["10.0.0.0/8"], "read_quota": 5}],
                "users": [{"user": "ada", "password": "secret", "roles": ["readers", "write"]},
                          {"user": "app", "pki": true}]}"#,
        )
        .unwrap();
        let ada = directory.user("ada").unwrap();
        assert_eq!(ada.roles.iter().collect::<Vec<_>>(), ["readers", "write"]);
        assert_eq!(directory.quotas(ada), (5, 0));
        assert!(matches!(directory.user("app").unwrap().password, Password::Certificate));
        let refused = directory.access("ada", "127.0.0.1".parse().unwrap()).err();
        assert_eq!(refused, Some(ResultCode::NotAllowListed));
    }

    #[test]
    fn what_is_wrong_is_told_without_passwords() {
        for (text, told) in [
            ("[]", "not an object"),
            (r#"{"user": []}"#, "unknown \"user\""),
            (
                r#"{"users": [{"user": "ada", "password": "secret", "role": []}]}"#,
                "unknown \"role\"",
            ),
            (r#"{"users": [{"user": "ada"}]}"#, "must have a password"),
            (r#"{"users": ["secret"]}"#, "what is no object"),
            (
                r#"{"users": [{"user": "ada", "password": "secret", "roles": ["x"]}]}"#,
                "unknown role",
            ),
            (r#"{"roles": [{"role": "x", "privileges": [{"code": "fly"}]}]}"#, "no privilege"),
            (r#"{"roles": [{"role": "x", "whitelist": ["here"]}]}"#, "no address"),
            (r#"{"roles": [{"role": "x", "read_quota": -1}]}"#, "from 0"),
            (r#"{"roles": [{"role": "read"}]}"#, "twice"),
        ] {
            let error = load_text(text).unwrap_err();
            assert!(error.contains(told), "{error}");
            assert!(!error.contains("secret"), "{error}");
        }
    }
}
