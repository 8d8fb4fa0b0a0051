// rhino run.js <glide.js> <scenario.json> <script>...: loads the scripts, makes the call of the scenario, prints all.
load(arguments[0]);
arguments.slice(2).forEach(function (script) { load(script); });
var call = world.call;
var made = new this[call.include](call.parameters);
var answer = made[call.method].apply(made, (call.arguments || []).map(function (value) {
  if (!value || !value.$record) return value;
  var record = new GlideRecord(value.$record[0]);
  record.get(value.$record[1]);
  return record;
}));
print(JSON.stringify({ answer: answer === undefined ? null : answer, happened: happened }));
