// Runs a collection by newman, or by postman-runtime alone, as the order in the first argument says, and prints for each
// request its name, the status of its last answer, and the error.
'use strict';

const fs = require('fs');

const order = JSON.parse(process.argv[2]);
const read = (path) => JSON.parse(fs.readFileSync(path, 'utf8'));
const done = (rows) => process.stdout.write(JSON.stringify(rows));

function fail(error) {
  process.stderr.write(`${error.stack || error}\n`);
  process.exit(1);
}

const row = (name, response, error) => ({
  name,
  status: response ? response.code : 0,
  error: error ? String(error.message) : null,
});

function byNewman() {
  const options = {
    collection: read(order.collection),
    environment: read(order.environment),
    globals: read(order.globals),
    workingDir: order.files,
    timeoutRequest: 20000,
    reporters: [],
  };
  require('newman').run(options, (error, summary) => {
    if (error) {
      fail(error);
    }
    done(summary.run.executions.map((one) => row(one.item.name, one.response, one.requestError)));
  });
}

function byRuntime() {
  const { Collection, VariableScope } = require('postman-collection');
  const { Runner } = require('postman-runtime');
  const path = require('path');
  const fileResolver = {
    stat: (file, ready) => fs.stat(path.join(order.files, file), ready),
    createReadStream: (file, options) => fs.createReadStream(path.join(order.files, file), options),
  };
  const options = {
    environment: new VariableScope(read(order.environment)),
    globals: new VariableScope(read(order.globals)),
    fileResolver,
    timeout: { request: 20000 },
  };
  const rows = [];
  new Runner().run(new Collection(read(order.collection)), options, (error, run) => {
    if (error) {
      fail(error);
    }
    run.start({
      response: (failure, _, response, request, item) => rows.push(row(item.name, response, failure)),
      done: (failure) => (failure ? fail(failure) : done(rows)),
    });
  });
}

if (order.runner === 'newman') {
  byNewman();
} else {
  byRuntime();
}
