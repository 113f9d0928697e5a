/// <reference types="@sveltejs/kit" />
console.log('worker')
