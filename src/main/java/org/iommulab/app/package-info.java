/**
 * The launcher and the Guice modules that wire everything: the only place that knows all parts and
 * the only one that touches the injector. May import the floors below.
 */
package org.iommulab.app;
