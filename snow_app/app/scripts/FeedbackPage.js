// Placeholder
var FeedbackPage = Class.create();
FeedbackPage.prototype = { initialize: function () {}, type: 'FeedbackPage' };
