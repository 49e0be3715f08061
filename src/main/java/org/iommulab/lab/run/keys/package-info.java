/** The keys of a machine line and what they make. */
package org.iommulab.lab.run.keys;
