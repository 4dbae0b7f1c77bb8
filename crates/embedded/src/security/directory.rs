//! The users and roles, and what may be done with them.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::sync::Arc;

use super::activity::Activity;
use super::allow_list::Network;
use super::password::Password;
use super::permission::{KINDS, Permissions, Privilege};
use crate::protocol::{Outcome, ResultCode};

/// The longest name of a user or a role, in bytes.
const MAX_NAME_SIZE: usize = 63;

/// As many roles a user and privileges a role may have: a byte tells how many.
const MAX_COUNT: usize = 255;

/// Who may log in, and as what.
#[derive(Debug)]
pub struct User {
    pub password: Password,
    pub roles: BTreeSet<String>,
    pub activity: Arc<Activity>,
}

#[derive(Debug, Clone, Default)]
pub struct Role {
    pub privileges: Vec<Privilege>,
    /// Empty: from any address.
    pub allow_list: Vec<Network>,
    /// Records a second; 0 is no quota.
    pub read_quota: u32,
    pub write_quota: u32,
}

/// What a user may do, all roles together.
#[derive(Debug)]
pub struct Access {
    pub user: String,
    privileges: Vec<Privilege>,
    pub read_quota: u32,
    pub write_quota: u32,
    pub activity: Arc<Activity>,
}

impl Access {
    /// Whether all that is wanted is permitted on records of this set.
    pub fn permits(&self, wanted: Permissions, namespace: &[u8], set: &[u8]) -> bool {
        let granted = self.privileges.iter().map(|one| one.permissions(namespace, set));
        granted.fold(Permissions::NONE, |all, one| all | one).includes(wanted)
    }
}

/// All users and roles.
#[derive(Debug)]
pub struct Directory {
    users: BTreeMap<String, User>,
    roles: BTreeMap<String, Role>,
}

impl Default for Directory {
    /// The roles that are always there, each with the privilege of its name.
    fn default() -> Self {
        let role = |&(code, name, _): &(u8, &str, Permissions)| {
            let privileges = Privilege::new(code, "", "").into_iter().collect();
            (name.to_owned(), Role { privileges, ..Role::default() })
        };
        Directory { users: BTreeMap::new(), roles: KINDS.iter().map(role).collect() }
    }
}

/// Whether a role is one of those that are always there, which don't change.
fn is_predefined(role: &str) -> bool {
    KINDS.iter().any(|(_, name, _)| *name == role)
}

fn is_name(name: &str) -> bool {
    (1..=MAX_NAME_SIZE).contains(&name.len()) && !name.chars().any(char::is_control)
}

impl Directory {
    pub fn users(&self) -> impl Iterator<Item = (&String, &User)> {
        self.users.iter()
    }

    pub fn user(&self, name: &str) -> Outcome<&User> {
        self.users.get(name).ok_or(ResultCode::InvalidUser)
    }

    fn user_mut(&mut self, name: &str) -> Outcome<&mut User> {
        self.users.get_mut(name).ok_or(ResultCode::InvalidUser)
    }

    pub fn roles(&self) -> impl Iterator<Item = (&String, &Role)> {
        self.roles.iter()
    }

    pub fn role(&self, name: &str) -> Outcome<&Role> {
        self.roles.get(name).ok_or(ResultCode::InvalidRole)
    }

    /// A role that may be changed.
    fn role_mut(&mut self, name: &str) -> Outcome<&mut Role> {
        match self.roles.get_mut(name) {
            Some(role) if !is_predefined(name) => Ok(role),
            _ => Err(ResultCode::InvalidRole),
        }
    }

    pub fn create_user(&mut self, name: &str, password: Password, roles: &[&str]) -> Outcome<()> {
        if !is_name(name) {
            return Err(ResultCode::InvalidUser);
        }
        if self.users.contains_key(name) {
            return Err(ResultCode::UserExists);
        }
        let roles = self.known(roles)?;
        if roles.len() > MAX_COUNT {
            return Err(ResultCode::InvalidRole);
        }
        self.users.insert(name.into(), User { password, roles, activity: Arc::default() });
        Ok(())
    }

    pub fn drop_user(&mut self, name: &str) -> Outcome<()> {
        self.users.remove(name).map(|_| ()).ok_or(ResultCode::InvalidUser)
    }

    pub fn set_password(&mut self, name: &str, password: Password) -> Outcome<()> {
        let user = self.user_mut(name)?;
        if !user.password.can_change() {
            return Err(ResultCode::ForbiddenPassword);
        }
        user.password = password;
        Ok(())
    }

    /// Keeps the hash of a password that was known by its text.
    pub fn remember_hash(&mut self, name: &str, hash: &str) {
        if let Some(user) = self.users.get_mut(name)
            && matches!(user.password, Password::Clear(_))
        {
            user.password = Password::Hash(hash.into());
        }
    }

    pub fn grant_roles(&mut self, name: &str, roles: &[&str]) -> Outcome<()> {
        let roles = self.known(roles)?;
        let user = self.user_mut(name)?;
        if user.roles.union(&roles).count() > MAX_COUNT {
            return Err(ResultCode::InvalidRole);
        }
        user.roles.extend(roles);
        Ok(())
    }

    pub fn revoke_roles(&mut self, name: &str, roles: &[&str]) -> Outcome<()> {
        let roles = self.known(roles)?;
        self.user_mut(name)?.roles.retain(|role| !roles.contains(role));
        Ok(())
    }

    /// The names, if there is such a role for each.
    fn known(&self, roles: &[&str]) -> Outcome<BTreeSet<String>> {
        let known = |role: &&str| self.role(role).map(|_| String::from(*role));
        roles.iter().map(known).collect()
    }

    pub fn create_role(&mut self, name: &str, role: Role) -> Outcome<()> {
        if !is_name(name) {
            return Err(ResultCode::InvalidRole);
        }
        if self.roles.contains_key(name) {
            return Err(ResultCode::RoleExists);
        }
        self.roles.insert(name.into(), role);
        Ok(())
    }

    /// Users lose the role.
    pub fn drop_role(&mut self, name: &str) -> Outcome<()> {
        self.role_mut(name)?;
        self.roles.remove(name);
        for user in self.users.values_mut() {
            user.roles.remove(name);
        }
        Ok(())
    }

    pub fn grant_privileges(&mut self, name: &str, privileges: Vec<Privilege>) -> Outcome<()> {
        let role = self.role_mut(name)?;
        for privilege in privileges {
            if !role.privileges.contains(&privilege) {
                if role.privileges.len() == MAX_COUNT {
                    return Err(ResultCode::InvalidPrivilege);
                }
                role.privileges.push(privilege);
            }
        }
        Ok(())
    }

    pub fn revoke_privileges(&mut self, name: &str, privileges: &[Privilege]) -> Outcome<()> {
        self.role_mut(name)?.privileges.retain(|own| !privileges.contains(own));
        Ok(())
    }

    pub fn set_allow_list(&mut self, name: &str, allow_list: Vec<Network>) -> Outcome<()> {
        self.role_mut(name)?.allow_list = allow_list;
        Ok(())
    }

    pub fn set_quotas(&mut self, name: &str, read: Option<u32>, write: Option<u32>) -> Outcome<()> {
        let role = self.role_mut(name)?;
        role.read_quota = read.unwrap_or(role.read_quota);
        role.write_quota = write.unwrap_or(role.write_quota);
        Ok(())
    }

    /// The roles of a user.
    fn roles_of<'a>(&'a self, user: &'a User) -> impl Iterator<Item = &'a Role> + Clone {
        user.roles.iter().filter_map(|role| self.roles.get(role))
    }

    /// The largest quota of a user's roles, for reads and for writes.
    pub fn quotas(&self, user: &User) -> (u32, u32) {
        let largest = |quota: fn(&Role) -> u32| self.roles_of(user).map(quota).max().unwrap_or(0);
        (largest(|role| role.read_quota), largest(|role| role.write_quota))
    }

    /// What a user may do who comes from this address.
    pub fn access(&self, name: &str, address: IpAddr) -> Outcome<Access> {
        let user = self.user(name).map_err(|_| ResultCode::NotAuthenticated)?;
        let mut allowed = self.roles_of(user).flat_map(|role| &role.allow_list).peekable();
        if allowed.peek().is_some() && !allowed.any(|network| network.contains(address)) {
            return Err(ResultCode::NotAllowListed);
        }
        let (read_quota, write_quota) = self.quotas(user);
        Ok(Access {
            user: name.into(),
            privileges: self.roles_of(user).flat_map(|role| role.privileges.clone()).collect(),
            read_quota,
            write_quota,
            activity: Arc::clone(&user.activity),
        })
    }
}
