/* global java, print, readFile */
var folder = String(java.lang.System.getenv('NODE_PATH'));
var told = JSON.stringify(require('./calls').answers(JSON.parse(readFile(folder + '/calls.json', 'UTF-8'))));
// The console's encoding is the machine's.
print(told.replace(/[^\u0000-\u007e]/g, function (character) {
    return '\\u' + ('000' + character.charCodeAt(0).toString(16)).slice(-4);
}));
