mod get_person;
mod list_memberships;
mod look_up_person;
mod member_plans;
mod members;
mod reference_data;
mod search_facilities;
