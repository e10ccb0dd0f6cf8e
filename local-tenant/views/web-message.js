const { message, origin } = document.querySelector('#answer').dataset
const application = window.opener ?? window.parent
application.postMessage(JSON.parse(message), origin)
