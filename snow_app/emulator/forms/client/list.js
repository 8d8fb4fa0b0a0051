// The list page: the number of rows applies at once.
var pager = document.querySelector('.pager select');
if (pager) pager.addEventListener('change', function (event) { event.target.form.submit(); });
document.addEventListener('click', function (event) {
  var button = event.target.closest('.outputmsg button');
  if (button) button.parentNode.remove();
});
