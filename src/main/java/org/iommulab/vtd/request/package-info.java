/** A request, the path it takes, how it ends, and what is counted of it. */
package org.iommulab.vtd.request;
