//! How a Pod finds names and what it is called: `dnsConfig`, `hostAliases`, `hostnameOverride`.

use super::address::{is_address, no_address};
use super::errors::json_of;
use super::names;
use super::Errors;
use crate::manifest::field::Field;

const SERVERS_MAX: usize = 3;
const SEARCHES_MAX: usize = 32;

/// `dnsConfig`.
#[inline(never)]
pub fn validate_dns(spec: &Field, errors: &mut Errors) {
    let config = spec.key("dnsConfig");
    let servers = config.key("nameservers");
    if spec.key("dnsPolicy").text() == "None" {
        if !config.is_set() {
            let detail = "must provide `dnsConfig` when `dnsPolicy` is None";
            errors.required("CTR-11", &config, detail);
            return;
        } else if servers.count() == 0 {
            let detail = "must provide at least one DNS nameserver when `dnsPolicy` is None";
            errors.required("CTR-11", &servers, detail);
            return;
        }
    }
    let (searches, options) = (config.key("searches"), config.key("options"));
    for (list, most, what) in [
        (&servers, SERVERS_MAX, "nameservers"),
        (&searches, SEARCHES_MAX, "search paths"),
    ] {
        if list.count() > most {
            let detail = format!("must not have more than {most} {what}");
            errors.invalid("CTR-11", list, &json_of(list.node), &detail);
        }
        for entry in list.items() {
            let text = entry.text();
            match what {
                "nameservers" => validate_address(&entry, errors),
                _ if text == "." => {}
                _ => {
                    let text = text.strip_suffix('.').unwrap_or(text);
                    errors.each("CTR-11", &entry, text, &names::search_domain(text));
                }
            }
        }
    }
    for option in options.items() {
        if option.key("name").text().is_empty() {
            errors.required("CTR-11", &option, "must not be empty");
        }
    }
}

/// `hostnameOverride`, which is set.
#[inline(never)]
pub fn validate_host_name(spec: &Field, errors: &mut Errors) {
    let name = spec.key("hostnameOverride");
    for other in ["setHostnameAsFQDN", "hostNetwork"] {
        if spec.key(other).bool() {
            let detail = ["may not be specified when ", other, " is true"].concat();
            errors.forbidden("CTR-11", &name, &detail);
        }
    }
    if name.text().len() > 64 {
        errors.too_long("CTR-11", &name, 64);
    }
    errors.name("CTR-11", &name, names::subdomain);
}

/// `hostAliases`.
#[inline(never)]
pub fn validate_aliases(aliases: &Field, errors: &mut Errors) {
    for alias in aliases.items() {
        validate_address(&alias.key("ip"), errors);
        for name in alias.key("hostnames").items() {
            errors.name("CTR-11", &name, names::subdomain);
        }
    }
}

fn validate_address(address: &Field, errors: &mut Errors) {
    if !is_address(address.text()) {
        errors.invalid_text(
            "CTR-11",
            address,
            address.text(),
            no_address(address.text()),
        );
    }
}
