var world = require('dw/world');

exports.getCustomerByCustomerNumber = function (number) {
    var customers = world.current().customers;
    return customers.hasOwnProperty(number) ? customers[number] : null;
};
