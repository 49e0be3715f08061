/**
 * The launcher: command line or desktop, and the wiring of both. The only place that touches the
 * injector; imports everything, nothing imports it.
 */
package org.iommulab.app;
