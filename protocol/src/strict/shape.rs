//! The tree of known fields, read from the contract's schema.

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use serde_json::{Map, Value, json};

use crate::service::schema;

/// The fields of every request.
pub(super) static REQUESTS: LazyLock<Shapes> = LazyLock::new(Shapes::of_requests);

/// The schema of anything.
static TRUE: Value = Value::Bool(true);

/// One place in a document.
pub(super) type Id = usize;

/// Where anything may stand.
pub(super) const ANYTHING: Id = 0;

/// What may stand in one place.
#[derive(Default)]
pub(super) struct Shape {
    /// An object with these fields and no others.
    pub fields: Option<BTreeMap<String, Id>>,
    /// An object whose other fields are all of this shape: a map.
    pub others: Option<Id>,
    /// A list of this.
    pub items: Option<Id>,
}

/// All places, by number: types may contain themselves.
pub(super) struct Shapes {
    all: Vec<Shape>,
    /// A whole frame.
    pub frame: Id,
}

/// The schemas that hold for one place together: the branches of a choice count as one, so a field
/// of any is known.
#[derive(Default)]
struct Merged<'a> {
    anything: bool,
    object: bool,
    fields: BTreeMap<&'a str, Vec<&'a Value>>,
    others: Vec<&'a Value>,
    items: Vec<&'a Value>,
}

struct Reader<'a> {
    definitions: &'a Map<String, Value>,
    all: Vec<Shape>,
    /// Places that were begun, by the addresses of their schemas.
    begun: HashMap<Vec<*const Value>, Id>,
}

impl Shapes {
    fn of_requests() -> Self {
        let mut requests = schema()["request"].take();
        // `hello` ignores what it does not know, for ever.
        let methods = requests["oneOf"].as_array_mut().into_iter().flatten();
        for hello in methods.filter_map(|method| method.pointer_mut("/properties/Hello")) {
            *hello = Value::Bool(true);
        }
        let definitions = requests["$defs"].take();
        let object = |properties: Value| json!({ "type": "object", "properties": properties });
        let context = object(json!({
            "deadline": object(json!({ "secs": true, "nanos": true })),
            "trace_context": true,
        }));
        let request = object(json!({ "context": context, "id": true, "message": requests }));
        let frame = object(json!({ "Request": request, "Cancel": true }));
        Self::read(&frame, definitions.as_object().unwrap_or(&Map::new()))
    }

    pub fn read(document: &Value, definitions: &Map<String, Value>) -> Self {
        let mut reader = Reader {
            definitions,
            all: vec![Shape::default()],
            begun: HashMap::new(),
        };
        let frame = reader.place(vec![document]);
        Self {
            all: reader.all,
            frame,
        }
    }

    pub fn shape(&self, id: Id) -> Option<&Shape> {
        self.all.get(id)
    }

    pub fn fields(&self, id: Id) -> Option<&BTreeMap<String, Id>> {
        self.shape(id)?.fields.as_ref()
    }

    /// The arguments of a method.
    pub fn method(&self, name: &str) -> Option<Id> {
        let request = *self.fields(self.frame)?.get("Request")?;
        let message = *self.fields(request)?.get("message")?;
        self.fields(message)?.get(name).copied()
    }
}

impl<'a> Reader<'a> {
    fn place(&mut self, schemas: Vec<&'a Value>) -> Id {
        let mut key: Vec<_> = schemas.iter().map(|it| std::ptr::from_ref(*it)).collect();
        key.sort_unstable();
        if let Some(id) = self.begun.get(&key) {
            return *id;
        }
        let mut merged = Merged::default();
        let mut followed = Vec::new();
        for schema in schemas {
            self.merge(schema, &mut merged, &mut followed);
        }
        let scalar = !merged.object && merged.items.is_empty();
        if merged.anything || scalar {
            return ANYTHING;
        }
        let id = self.all.len();
        self.all.push(Shape::default());
        self.begun.insert(key, id);
        let items = (!merged.items.is_empty()).then(|| self.place(merged.items));
        let others = (!merged.others.is_empty()).then(|| self.place(merged.others));
        let fields = merged.fields.into_iter();
        let fields: BTreeMap<_, _> = fields
            .map(|(name, schemas)| (name.to_owned(), self.place(schemas)))
            .collect();
        self.all[id] = Shape {
            fields: merged.object.then_some(fields),
            others,
            items,
        };
        id
    }

    fn merge(&self, schema: &'a Value, merged: &mut Merged<'a>, followed: &mut Vec<&'a str>) {
        let Some(schema) = schema.as_object() else {
            merged.anything |= schema.as_bool() == Some(true);
            return;
        };
        let name = schema.get("$ref").and_then(Value::as_str);
        if let Some(name) = name.and_then(|name| name.strip_prefix("#/$defs/"))
            && !followed.contains(&name)
        {
            followed.push(name);
            match self.definitions.get(name) {
                Some(definition) => self.merge(definition, merged, followed),
                None => merged.anything = true,
            }
        }
        for choice in ["anyOf", "oneOf", "allOf"] {
            let branches = schema.get(choice).and_then(Value::as_array);
            for branch in branches.into_iter().flatten() {
                self.merge(branch, merged, followed);
            }
        }
        let is = |kind: &str| match schema.get("type") {
            Some(Value::String(one)) => one == kind,
            Some(Value::Array(several)) => several.iter().any(|one| one == kind),
            _ => false,
        };
        let properties = schema.get("properties").and_then(Value::as_object);
        merged.object |= is("object") || properties.is_some();
        for (name, schema) in properties.into_iter().flatten() {
            merged.fields.entry(name).or_default().push(schema);
        }
        match schema.get("additionalProperties") {
            None | Some(Value::Bool(false)) => {}
            Some(others) => merged.others.push(others),
        }
        if is("array") {
            merged.items.push(schema.get("items").unwrap_or(&TRUE));
        }
        // Neither a type nor a reference nor a choice: nothing is said about it.
        let says = [
            "$ref",
            "anyOf",
            "oneOf",
            "allOf",
            "type",
            "const",
            "enum",
            "properties",
        ];
        merged.anything |= !says.iter().any(|word| schema.contains_key(*word));
    }
}
