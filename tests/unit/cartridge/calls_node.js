var fs = require('fs');
process.stdout.write(JSON.stringify(require('./calls').answers(JSON.parse(fs.readFileSync(0, 'utf8')))));
