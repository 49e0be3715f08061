/** The registers of a unit, the fault records among them, and the messages of its events. */
package org.iommulab.vtd.register;
